/// Folders of the server's machine that every client may read, straight from disk and without a copy
/// (`serve --share`).
///
/// Start at [SharedFolder]. Invariants: nothing outside the folder is ever opened, whatever links stand in it and
/// however they change meanwhile, since each step of a path is taken from the folder before it and follows no link; a
/// digest belongs to the bytes that go out, or the transfer is cut off; nothing is ever written.
/// Knows the model and what `acervo.blob` calls a stored blob; must not know the catalog, the depot or the front door.
@NullMarked
package acervo.share;

import org.jspecify.annotations.NullMarked;
