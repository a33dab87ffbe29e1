package acervo.interest;

import acervo.model.PathPattern;
import acervo.model.SpaceName;

/// What somebody waits for.
///
/// @param forMillis for how long, 1 to [acervo.model.Interest#MOST_MILLIS]; 0 to look only and register nothing
/// @param keep whether to go on waiting when something came
/// @param since files up to this version are known to the asker and don't count as there; 0 for none
public record Wish(SpaceName space, PathPattern pattern, long forMillis, boolean keep, long since) {}
