package acervo.model;

/// The word that an interest was met. It waits until it is acknowledged.
///
/// @param number its place in the client's inbox; positive, growing, never used again
/// @param interest the number of the [Interest] that was met
/// @param space how the client names the file's space
/// @param entry what arrived, as it was when it arrived
public record Notice(long number, long interest, SpaceName space, FileEntry entry) {}
