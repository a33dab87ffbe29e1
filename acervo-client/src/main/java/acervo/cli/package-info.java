/// The command line: one class per verb, each with its options, one or a few calls on the client, and what it prints.
///
/// Start at [Main], then [Cli] (which verb, which exit code) and [Session] (what a verb works with). Every sentence
/// that a
/// person reads is in `en.properties` and `pt.properties` beside the classes, every help page under `help/`.
/// Invariants: what a verb prints goes through [Out]; only the verb that runs is set up, because start-up time is felt;
/// the
/// exit codes are those of [Exit].
/// Sees `client`, `model` and `wire`, and never the server but for `acervo.model.ServerProgram`.
@NullMarked
package acervo.cli;

import org.jspecify.annotations.NullMarked;
