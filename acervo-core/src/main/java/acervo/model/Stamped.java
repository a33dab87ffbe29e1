package acervo.model;

/// A command as it stands in the log: with its leader's stamp.
public record Stamped(Stamp stamp, Command command) {}
