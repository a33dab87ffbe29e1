package acervo.sync;

import acervo.sync.plan.Brakes;
import acervo.sync.plan.Mode;
import acervo.sync.plan.Names;

/// How one folder is kept in step.
///
/// @param mode which way changes go
/// @param names what the disk can hold
/// @param brakes how much may be removed before a person has to agree; [Brakes#OFF] when one has
/// @param who goes into the names of conflicts: the machine, or the person; at most 60 characters are used
/// @param dryRun changes nothing on either side: [Status#next] says what would be done
public record Settings(Mode mode, Names names, Brakes brakes, String who, boolean dryRun) {
    private static final int WHO_CHARACTERS = 60;

    public Settings {
        StringBuilder safe = new StringBuilder();
        who.codePoints()
                .filter(c -> Character.isLetterOrDigit(c) || " ._-@".indexOf(c) >= 0)
                .limit(WHO_CHARACTERS)
                .forEach(safe::appendCodePoint);
        who = safe.toString().strip();
        who = who.isEmpty() ? "someone" : who;
    }

    /// Both ways, a disk that holds every name, the usual brakes.
    public static Settings of(String who) {
        return new Settings(Mode.BOTH, Names.EXACT, Brakes.USUAL, who, false);
    }
}
