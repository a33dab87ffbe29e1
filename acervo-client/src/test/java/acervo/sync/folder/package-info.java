/// Tests of the book of synced folders, and of how the process that keeps one is asked.
@NullMarked
package acervo.sync.folder;

import org.jspecify.annotations.NullMarked;
