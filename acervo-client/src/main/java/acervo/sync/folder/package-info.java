/// Folders that are kept in step, as a person names them: which folder goes with which space, where its state lies, who
/// keeps it now and how to ask that process. Start at [FolderBook].
///
/// Invariants: a folder is kept by one process at most (the lock of its index); a folder that is kept in step lies in
/// no other one; a marker is made once, when a person says that a folder is to be kept in step, and never because it
/// was
/// lost.
///
/// It must not import `acervo.cli`.
@NullMarked
package acervo.sync.folder;

import org.jspecify.annotations.NullMarked;
