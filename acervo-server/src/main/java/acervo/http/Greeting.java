package acervo.http;

/// The answer to `Hello`.
final class Greeting {
    private Greeting() {}

    /// @param name may be empty
    /// @param language `pt` in any form (`pt-BR`, `pt_BR.UTF-8`), else English
    static String of(String name, String language) {
        boolean portuguese = language.regionMatches(true, 0, "pt", 0, 2);
        String whom = name.strip();
        if (whom.isEmpty()) {
            return portuguese ? "Olá!" : "Hello!";
        }
        return (portuguese ? "Olá, " : "Hello, ") + whom + "!";
    }
}
