package acervo.model;

import java.util.List;

/// A "no" with its reason and what it is about. Its text is the English sentence.
///
/// @param arguments fill `{0}`, `{1}` of the reason's sentence; already printable
public record Refusal(Reason reason, List<String> arguments) {
    public Refusal {
        arguments = List.copyOf(arguments);
    }

    public Refusal(Reason reason, Object... arguments) {
        this(reason, List.of(arguments).stream().map(String::valueOf).toList());
    }

    /// The sentence `template` with `{0}`, `{1}` replaced by this refusal's arguments, in one pass, so that an
    /// argument
    /// that itself contains `{1}` stays as it is.
    public String fill(String template) {
        StringBuilder text = new StringBuilder(template.length() + 64);
        for (int i = 0; i < template.length(); i++) {
            boolean hole = template.charAt(i) == '{' && i + 2 < template.length() && template.charAt(i + 2) == '}';
            int n = hole ? template.charAt(i + 1) - '0' : -1;
            if (n >= 0 && n < arguments.size()) {
                text.append(arguments.get(n));
                i += 2;
            } else {
                text.append(template.charAt(i));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return fill(reason.english());
    }
}
