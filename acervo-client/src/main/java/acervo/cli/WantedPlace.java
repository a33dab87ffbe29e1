package acervo.cli;

import acervo.model.FilePath;
import acervo.model.PathPattern;
import acervo.model.SpaceName;

/// What a person waits for: `space:path`, or a glob in its place; without a colon it is at home.
record WantedPlace(SpaceName space, PathPattern pattern) {
    /// @throws acervo.model.RefusedException for a space or a pattern that can't be
    static WantedPlace parse(String text) {
        int colon = text.indexOf(':');
        SpaceName space = colon < 0 ? SpaceName.HOME : new SpaceName(text.substring(0, colon));
        return new WantedPlace(space, PathPattern.parse(text.substring(colon + 1)));
    }

    /// Where a file that came goes below a local folder: under its name, or, for a glob, as it stands below the
    /// folder
    /// before the first wild card, so that names from different folders don't collide.
    String below(FilePath path) {
        return pattern.isGlob() ? Tree.below(pattern.anchor(), path.text()) : path.name();
    }

    @Override
    public String toString() {
        return space + ":" + pattern;
    }
}
