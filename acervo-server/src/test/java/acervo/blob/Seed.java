package acervo.blob;

/// The seed of a random test: `-Dacervo.seed=N`, or a new one each time, printed.
final class Seed {
    private Seed() {}

    static long of(String test) {
        String given = System.getProperty("acervo.seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        System.out.println(test + ": -Dacervo.seed=" + seed);
        return seed;
    }
}
