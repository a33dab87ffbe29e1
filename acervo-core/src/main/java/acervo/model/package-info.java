/// The vocabulary of Acervo: ids, paths, file entries, commands and their outcomes.
///
/// Start at [FilePath] (what a client may name), [Command] (what can be asked of the catalog) and [Outcome] (what it
/// answers).
/// Everything here is an immutable value, checked when it is made, so that code further in never checks again.
/// Pure: no input or output, no clock, no randomness; imports nothing of Acervo.
@NullMarked
package acervo.model;

import org.jspecify.annotations.NullMarked;
