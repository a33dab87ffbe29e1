/// What a synced folder leaves out: `.acervoignore`, in gitignore's syntax. Pure: no files are touched here.
///
/// Start at [IgnoreRules]. Invariants: what git's documentation says of a pattern holds here, and the time that a match
/// takes is bounded by the product of the lengths of pattern and path, since an ignore file may come from someone else.
/// Imports nothing of Acervo.
@NullMarked
package acervo.sync.ignore;

import org.jspecify.annotations.NullMarked;
