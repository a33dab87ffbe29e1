package acervo.sync.plan;

import acervo.model.FilePath;
import java.util.Set;

/// What a plan needs to know beside the trees.
///
/// @param who goes into the names of conflicts: the machine, or the person
/// @param millis the time that goes there, since 1970
/// @param busy paths that operations under way read or change: nothing is planned that touches them
public record Occasion(Mode mode, Names names, Brakes brakes, String who, long millis, Set<FilePath> busy) {}
