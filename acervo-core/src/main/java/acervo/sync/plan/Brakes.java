package acervo.sync.plan;

/// How much one plan may remove on one side before a person has to agree. Files and links count; a rename does not,
/// nor what has its bytes put elsewhere on the same side by the same plan.
///
/// @param few up to so many may always go
/// @param percent of the files that were in step: more may not go
/// @param many more may not go, whatever the percentage
public record Brakes(int few, int percent, int many) {
    /// For a folder that a person works in.
    public static final Brakes USUAL = new Brakes(50, 40, 2_000);

    /// A person has agreed.
    public static final Brakes OFF = new Brakes(Integer.MAX_VALUE, 100, Integer.MAX_VALUE);

    boolean hold(int removals, int of) {
        return removals > few && (removals > many || removals * 100L > (long) percent * of);
    }
}
