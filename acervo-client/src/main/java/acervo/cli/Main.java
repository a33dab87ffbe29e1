package acervo.cli;

import java.util.List;

/// `acervo`: the process.
public final class Main {
    private Main() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] args) {
        System.exit(new Cli(Surroundings.ofProcess()).run(List.of(args)));
    }
}
