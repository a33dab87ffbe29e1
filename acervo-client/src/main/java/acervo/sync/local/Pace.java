package acervo.sync.local;

import java.time.Duration;

/// How often a synced folder is looked at, whatever the watch says.
///
/// @param rescan from one full scan to the next, give or take a quarter, so that many folders don't scan at once
/// @param blind the same while a part of the folder can't be watched; at least twenty times what a scan takes
/// @param hold for how long a name that leads nowhere any more is held before it counts as removed, so that a rename's
///     other half can turn up
/// @param lost how often it is looked whether a lost folder has come back
public record Pace(Duration rescan, Duration blind, Duration hold, Duration lost) {
    public static final Pace USUAL =
            new Pace(Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofMillis(100), Duration.ofSeconds(2));
}
