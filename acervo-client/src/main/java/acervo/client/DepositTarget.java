package acervo.client;

import acervo.model.Condition;

/// Where a deposit goes, and how.
///
/// @param replicas copies wanted in total; 0 keeps the count of what is there, or 1
/// @param condition what must be true of the path
public record DepositTarget(RemoteFile file, int replicas, Condition condition) {
    public DepositTarget {
        if (replicas < 0) {
            throw new IllegalArgumentException("a replica count can't be negative: " + replicas);
        }
    }

    /// Whatever is there.
    public DepositTarget(RemoteFile file, int replicas) {
        this(file, replicas, Condition.ANY);
    }

    /// Adds the headers that say so.
    void addTo(StringBuilder head) {
        if (replicas > 0) {
            head.append("Acervo-Replicas: ").append(replicas).append("\r\n");
        }
        switch (condition) {
            case Condition.Any _ -> {}
            case Condition.Absent _ -> head.append("If-None-Match: *\r\n");
            case Condition.Present _ -> head.append("If-Match: *\r\n");
            case Condition.At(var version) ->
                head.append("If-Match: \"").append(version).append("\"\r\n");
        }
    }
}
