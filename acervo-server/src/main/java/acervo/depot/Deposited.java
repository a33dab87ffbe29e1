package acervo.depot;

import acervo.model.FileEntry;

/// An acknowledged deposit: on disk, forced, visible.
///
/// @param entry what is at the path now
/// @param created whether nothing was there before
/// @param changed false when the same content was there already
/// @param verified copies whose hash was checked
public record Deposited(FileEntry entry, boolean created, boolean changed, int verified) {}
