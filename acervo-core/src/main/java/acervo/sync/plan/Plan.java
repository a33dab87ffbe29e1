package acervo.sync.plan;

import java.util.List;
import java.util.Optional;

/// What is to be done now, and what can't be. An empty plan with nothing under way means: in step, as far as can be.
///
/// @param steps in an order in which they can be carried out one by one
/// @param reports what is left alone, and why; sorted by path
/// @param brake why nothing at all may be done before a person has agreed
public record Plan(List<Step> steps, List<Report> reports, Optional<Brake> brake) {
    static final Plan NOTHING = new Plan(List.of(), List.of(), Optional.empty());

    public Plan {
        steps = List.copyOf(steps);
        reports = List.copyOf(reports);
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    /// So much would be removed on one side that a person has to say that it is meant.
    ///
    /// @param removals files and links that would go
    /// @param of files and links that were in step
    /// @param local whether they would go from the disk; else from the space
    public record Brake(int removals, int of, boolean local) {}

    /// One operation. Steps that do not wait for each other may be carried out in any order, or at once. When one
    /// fails, those that wait for it are left to the next plan.
    ///
    /// @param after the numbers of the steps that must be done before it; all are smaller than its own
    public record Step(Operation operation, List<Integer> after) {
        public Step {
            after = List.copyOf(after);
        }
    }
}
