/// What a command does: `command + state -> decision`, as a pure function.
///
/// Start at [Rules#decide]. [Tables] lists every kind of row that the catalog keeps, with its bytes; [CatalogState] is
/// how the
/// rules read them, whatever they are kept in; [Edit]s say what to write. Pure: no clock, no randomness, no input or
/// output,
/// and no iteration over a collection whose order may differ between two runs. Nothing joins across spaces. Imports
/// only
/// `acervo.model` and `acervo.wire`.
@NullMarked
package acervo.rules;

import org.jspecify.annotations.NullMarked;
