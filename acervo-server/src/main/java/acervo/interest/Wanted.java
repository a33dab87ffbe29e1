package acervo.interest;

import acervo.model.FileEntry;
import java.util.List;

/// What became of a wish.
///
/// @param interest the number of what was registered; 0 when there was no need to
/// @param expiresMillis when its time is over; 0 for none, or when it is met or cancelled already
/// @param seen what is there was looked for up to this version of the space
/// @param there what matches already, at most 1,000
/// @param more whether there is more of it than that
public record Wanted(long interest, long expiresMillis, long seen, List<FileEntry> there, boolean more) {
    public Wanted {
        there = List.copyOf(there);
    }
}
