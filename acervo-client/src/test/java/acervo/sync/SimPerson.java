package acervo.sync;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.Move;
import acervo.sync.RemoteSpace.RemoteAnswer;
import acervo.sync.SimClient.Thing;
import acervo.sync.plan.RemoteNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What people do to folders and, by other ways, to the space. What they overwrite or remove they have seen.
final class SimPerson {
    private static final List<String> NAMES = List.of("a", "b", "c", "d.txt");

    private final Simulation sim;

    SimPerson(Simulation sim) {
        this.sim = sim;
    }

    private String path() {
        StringBuilder path = new StringBuilder();
        int depth = 1 + sim.random.nextInt(3);
        for (int i = 0; i < depth; i++) {
            path.append(i == 0 ? "" : "/").append(NAMES.get(sim.random.nextInt(NAMES.size())));
        }
        return path.toString();
    }

    private <T> @Nullable T any(List<T> of) {
        return of.isEmpty() ? null : of.get(sim.random.nextInt(of.size()));
    }

    void actsOnDisk(SimClient at) {
        if (!at.mounted) {
            return;
        }
        String any = any(List.copyOf(at.disk.keySet()));
        String file = any(at.disk.keySet().stream()
                .filter(p -> !at.disk.get(p).isFolder())
                .toList());
        TreeSet<String> touched = new TreeSet<>();
        switch (sim.random.nextInt(10)) {
            case 0, 1, 2 -> write(at, path(), sim.random.nextInt(6) == 0 ? Hands.FOLDER : null, touched);
            case 3 -> {
                if (file != null) { // in place
                    overwrite(at, file, at.disk.get(file).inode(), touched);
                }
            }
            case 4 -> {
                if (file != null) { // written beside it and renamed over it
                    overwrite(at, file, at.nextInode(), touched);
                }
            }
            case 5 -> {
                if (any != null) {
                    remove(at, any, touched);
                }
            }
            case 6 -> {
                if (any != null) {
                    rename(at, any, path(), touched);
                }
            }
            case 7 -> {
                String other = any(at.disk.keySet().stream()
                        .filter(p -> !at.disk.get(p).isFolder())
                        .toList());
                if (file != null && other != null) { // they change places
                    Thing one = at.disk.get(file);
                    at.disk.put(file, at.disk.get(other));
                    at.disk.put(other, one);
                    touched.addAll(List.of(file, other));
                }
            }
            case 8 -> {
                if (any != null) { // a folder becomes a file, or the other way round
                    boolean folder = at.disk.get(any).isFolder();
                    remove(at, any, touched);
                    write(at, any, folder ? null : Hands.FOLDER, touched);
                }
            }
            default -> {
                if (file != null) {
                    Content old = at.disk.get(file).content();
                    boolean plain = old.kind() == Kind.FILE;
                    Content now = new Content(
                            old.kind(),
                            old.blob(),
                            old.size(),
                            plain ? sim.random.nextInt(3) : 0,
                            plain && sim.random.nextBoolean());
                    at.disk.put(file, new Thing(at.disk.get(file).inode(), now));
                    touched.add(file);
                }
            }
        }
        if (!touched.isEmpty()) {
            sim.trace(at.name + "'s person touches " + touched + " "
                    + touched.stream().map(at.disk::get).toList());
            at.touched(touched);
        }
    }

    private void write(SimClient at, String path, @Nullable Content content, Set<String> touched) {
        for (String up = SimClient.parent(path); !up.isEmpty(); up = SimClient.parent(up)) {
            if (at.disk.containsKey(up) && !at.isFolder(up)) {
                return;
            }
        }
        if (at.disk.containsKey(path)) {
            return;
        }
        for (String up = SimClient.parent(path); !up.isEmpty(); up = SimClient.parent(up)) {
            if (!at.disk.containsKey(up)) {
                at.disk.put(up, new Thing(at.nextInode(), Hands.FOLDER));
                touched.add(up);
            }
        }
        at.disk.put(path, new Thing(at.nextInode(), content != null ? content : sim.fresh()));
        touched.add(path);
    }

    private void overwrite(SimClient at, String file, long inode, Set<String> touched) {
        sim.release(at.disk.get(file).content());
        at.disk.put(file, new Thing(inode, sim.fresh()));
        touched.add(file);
    }

    private void remove(SimClient at, String path, Set<String> touched) {
        for (String one : below(at, path)) {
            sim.release(at.disk.remove(one).content());
            touched.add(one);
        }
    }

    private static List<String> below(SimClient at, String path) {
        return at.disk.keySet().stream()
                .filter(p -> p.equals(path) || p.startsWith(path + "/"))
                .toList();
    }

    private void rename(SimClient at, String from, String to, Set<String> touched) {
        Thing there = at.disk.get(to);
        if (to.equals(from)
                || to.startsWith(from + "/")
                || !at.isFolder(SimClient.parent(to))
                || there != null && (there.isFolder() || at.isFolder(from))) {
            return;
        }
        if (there != null) {
            sim.release(there.content());
        }
        TreeMap<String, Thing> moved = new TreeMap<>();
        for (String one : below(at, from)) {
            moved.put(to + one.substring(from.length()), at.disk.remove(one));
            touched.add(one);
        }
        at.disk.putAll(moved);
        touched.addAll(moved.keySet());
    }

    void actsOnSpace() {
        SimServer server = sim.server;
        RemoteNode file = any(server.files());
        RemoteNode any = any(server.rows());
        FilePath path = new FilePath(path());
        switch (sim.random.nextInt(6)) {
            case 0, 1 -> {
                boolean folder = sim.random.nextInt(6) == 0;
                if (server.taken(path, folder) == null) {
                    done(server.deposit(new Deposit(path, folder ? Hands.FOLDER : sim.fresh(), null, null)));
                }
            }
            case 2 -> {
                if (file != null) {
                    sim.release(file.content());
                    done(server.deposit(new Deposit(file.path(), sim.fresh(), null, file)));
                }
            }
            case 3 -> {
                if (any != null) {
                    sim.release(any.content());
                    done(server.remove(any));
                }
            }
            case 4 -> {
                if (file != null) {
                    done(server.move(new Move(file, path)));
                }
            }
            default -> {
                if (any != null) { // a folder with all in it
                    String from = SimClient.parent(any.path().text());
                    boolean removes = sim.random.nextBoolean();
                    for (RemoteNode row : new ArrayList<>(server.rows())) {
                        String at = row.path().text();
                        if (!from.isEmpty() && (at.equals(from) || at.startsWith(from + "/"))) {
                            if (removes) {
                                sim.release(row.content());
                                done(server.remove(row));
                            } else {
                                done(server.move(new Move(row, new FilePath(path + at.substring(from.length())))));
                            }
                        }
                    }
                }
            }
        }
    }

    private void done(RemoteAnswer answer) {
        sim.trace("somebody changes the space: " + answer);
    }
}
