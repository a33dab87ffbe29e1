package acervo.blob;

import java.util.logging.Level;
import java.util.logging.Logger;

/// Keeps the store from logging thousands of crashes that a test makes on purpose.
final class Quiet implements AutoCloseable {
    private final Logger logger = Logger.getLogger("acervo.blob");

    Quiet() {
        logger.setLevel(Level.OFF);
    }

    @Override
    public void close() {
        logger.setLevel(null);
    }
}
