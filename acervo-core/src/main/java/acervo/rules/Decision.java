package acervo.rules;

import acervo.model.Outcome;
import java.util.List;

/// What became of commands and what must be written for it.
///
/// @param outcomes one per command, in order
public record Decision(List<Outcome> outcomes, List<Edit> edits) {
    public Decision {
        outcomes = List.copyOf(outcomes);
        edits = List.copyOf(edits);
    }

    /// The outcome of a decision about one command.
    public Outcome outcome() {
        if (outcomes.size() != 1) {
            throw new IllegalStateException("a decision about " + outcomes.size() + " commands has no single outcome");
        }
        return outcomes.getFirst();
    }
}
