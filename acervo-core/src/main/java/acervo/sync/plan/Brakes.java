package acervo.sync.plan;

/// How much one plan may remove on one side before a person has to agree. Files and links count; a rename does not,
/// nor what has its bytes put elsewhere on the same side by the same plan.
///
/// @param few up to so many may always go
/// @param percent of the files that were in step: more may not go
/// @param many more may not go, whatever the percentage
/// @param lately so many went by the plans before, and count as well
public record Brakes(int few, int percent, int many, int lately) {
    /// For a folder that a person works in.
    public static final Brakes USUAL = new Brakes(50, 40, 2_000, 0);

    /// A person has agreed.
    public static final Brakes OFF = new Brakes(Integer.MAX_VALUE, 100, Integer.MAX_VALUE, 0);

    /// The same, after so many went.
    public Brakes after(int removals) {
        return new Brakes(few, percent, many, removals);
    }

    /// The same, after a person has agreed to so many at once.
    public Brakes agreed(int removals) {
        return new Brakes(Math.max(few, removals + lately), percent, many, lately);
    }

    boolean hold(int removals, int of) {
        long all = (long) removals + lately;
        return removals > 0 && all > few && (all > many || all * 100 > percent * (of + (long) lately));
    }
}
