/// The bytes of what is kept and sent: the log's entries and the values of the model inside them.
///
/// Start at [EntryFormat] (an entry of the log) and [ValueFormat] (a model's value inside a row or an entry).
/// Everything is
/// big-endian or a variable-length integer, has one encoding only and starts, where it is kept, with a format byte.
/// Golden
/// bytes in the tests guard every form: a form is never changed, only added. The calls' messages (`acervo.wire.v1`) are
/// generated from
/// the `.proto`. Pure; imports only `acervo.model`.
@NullMarked
package acervo.wire;

import org.jspecify.annotations.NullMarked;
