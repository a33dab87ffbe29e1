/// Watching folders of this machine: the system calls of Linux that the JDK does not offer, what tells of changes, and
/// how long a path that changed is left alone.
///
/// Start at [InotifyWatch]; `acervo.sync.local` (a folder that is kept in step) and `acervo.share` (one that the server
/// shares) are built on it. What is told here are hints: a look decides. Imports nothing of Acervo.
@NullMarked
package acervo.watch;

import org.jspecify.annotations.NullMarked;
