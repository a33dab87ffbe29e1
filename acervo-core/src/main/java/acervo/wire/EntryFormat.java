package acervo.wire;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.FilePath;
import acervo.model.NodeId;
import acervo.model.PathPattern;
import acervo.model.RequestId;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Stamped;
import java.util.ArrayList;
import java.util.List;

/// An entry of the log: commands that were in flight together and share one force.
///
/// ```
/// u8 format = 1 | varint number of commands | commands
/// command: varint millis | 16 author | 16 request | u8 tag | fields
/// ```
public final class EntryFormat {
    /// At most what a stamp takes.
    public static final int STAMP_BYTES = 10 + 16 + 16;

    private static final int FORMAT = 1;

    private EntryFormat() {}

    public static byte[] write(List<Stamped> commands) {
        return write(
                commands.stream().map(Stamped::stamp).toList(),
                commands.stream().map(stamped -> write(stamped.command())).toList());
    }

    /// The same of commands that were written before, so that each caller can do that for its own.
    ///
    /// @param commands as [#write(Command)] made them, one per stamp
    public static byte[] write(List<Stamp> stamps, List<byte[]> commands) {
        int size = 16;
        for (byte[] command : commands) {
            size += command.length + STAMP_BYTES;
        }
        Writer to = new Writer(size);
        to.u8(FORMAT).varint(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            Stamp stamp = stamps.get(i);
            to.varint(stamp.timeMillis())
                    .uuid(stamp.author().uuid())
                    .uuid(stamp.request().uuid());
            to.raw(commands.get(i));
        }
        return to.toBytes();
    }

    public static List<Stamped> read(byte[] bytes) {
        Reader from = new Reader(bytes).format(FORMAT);
        int count = from.count(from.left());
        List<Stamped> commands = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Stamp stamp = new Stamp(from.varint(), new ClientId(from.uuid()), new RequestId(from.uuid()));
            commands.add(new Stamped(stamp, command(from)));
        }
        from.done();
        return commands;
    }

    /// A command without its stamp.
    public static byte[] write(Command command) {
        Writer to = new Writer(128);
        command(to, command);
        return to.toBytes();
    }

    static void command(Writer to, Command command) {
        switch (command) {
            case Command.RegisterClient(ClientId client, SecretHash secret) ->
                ValueFormat.blob(to.u8(1).uuid(client.uuid()), secret.sha256());
            case Command.AddNode(NodeId node) -> to.u8(2).uuid(node.uuid());
            case Command.CreateSpace(SpaceName space) -> to.u8(3).text(space.text());
            case Command.RemoveSpace(SpaceName space, boolean withFiles) ->
                to.u8(4).text(space.text()).u8(withFiles ? 1 : 0);
            case Command.Grant(SpaceName space, ClientId client, Role role) ->
                to.u8(5).text(space.text()).uuid(client.uuid()).u8(role.code());
            case Command.PutFiles put -> put(to, put);
            case Command.RemoveFiles(SpaceName space, boolean forever, List<Command.Remove> items) -> {
                to.u8(7).text(space.text()).u8(forever ? 1 : 0).varint(items.size());
                for (Command.Remove item : items) {
                    ValueFormat.condition(to.text(item.path().text()), item.condition());
                }
            }
            case Command.MoveFiles(SpaceName space, List<Command.Move> items) -> {
                to.u8(8).text(space.text()).varint(items.size());
                for (Command.Move item : items) {
                    to.text(item.from().text()).text(item.to().text());
                    ValueFormat.condition(to, item.condition());
                    to.u8(item.replace() ? 1 : 0);
                }
            }
            case Command.SetReplicas(SpaceName space, int replicas, List<FilePath> items) -> {
                to.u8(9).text(space.text()).zigzag(replicas).varint(items.size());
                items.forEach(item -> to.text(item.text()));
            }
            case Command.TrimHistory(long beforeMillis, int limit) ->
                to.u8(10).zigzag(beforeMillis).zigzag(limit);
            case Command.ForgetBlobs(long beforeMillis, List<BlobId> items) -> {
                to.u8(11).zigzag(beforeMillis).varint(items.size());
                items.forEach(item -> ValueFormat.blob(to, item));
            }
            case Command.Drain(int limit) -> to.u8(12).zigzag(limit);
            case Command.Want(SpaceName space, PathPattern pattern, long forMillis, boolean keep, long seen) ->
                to.u8(13)
                        .text(space.text())
                        .text(pattern.text())
                        .zigzag(forMillis)
                        .u8(keep ? 1 : 0)
                        .varint(seen);
            case Command.Unwant(List<Long> interests) -> numbers(to.u8(14), interests);
            case Command.Acknowledge(List<Long> notices, long missed) ->
                numbers(to.u8(15), notices).varint(missed);
            case Command.ExpireInterests(int limit) -> to.u8(16).zigzag(limit);
            case Command.ShareFolders(List<SpaceName> spaces) -> {
                to.u8(17).varint(spaces.size());
                spaces.forEach(space -> to.text(space.text()));
            }
            case Command.Sight(SpaceName space, List<Command.Sighting> items) -> {
                to.u8(18).text(space.text()).varint(items.size());
                items.forEach(item -> sighting(to, item));
            }
        }
    }

    private static void sighting(Writer to, Command.Sighting item) {
        to.text(item.path().text());
        switch (item) {
            case Command.Sighting.Gone _ -> to.u8(0);
            case Command.Sighting.There there ->
                to.u8(there.executable() ? 2 : 1)
                        .varint(there.id())
                        .varint(there.size())
                        .zigzag(there.modifiedMillis())
                        .varint(there.changedMillis());
        }
    }

    private static Command.Sighting sighting(Reader from) {
        FilePath path = ValueFormat.path(from);
        int tag = from.u8();
        return switch (tag) {
            case 0 -> new Command.Sighting.Gone(path);
            case 1, 2 ->
                new Command.Sighting.There(path, from.varint(), from.varint(), from.zigzag(), tag == 2, from.varint());
            default -> throw new MalformedException("no sighting has the tag " + tag);
        };
    }

    private static Writer numbers(Writer to, List<Long> numbers) {
        to.varint(numbers.size());
        numbers.forEach(to::varint);
        return to;
    }

    private static void put(Writer to, Command.PutFiles put) {
        to.u8(6).text(put.space().text()).varint(put.holders().size());
        put.holders().forEach(holder -> to.uuid(holder.uuid()));
        to.varint(put.items().size());
        for (Command.Put item : put.items()) {
            to.text(item.path().text());
            ValueFormat.content(to, item.content());
            to.zigzag(item.replicas());
            ValueFormat.condition(to, item.condition());
        }
    }

    static Command command(Reader from) {
        int tag = from.u8();
        return switch (tag) {
            case 1 -> new Command.RegisterClient(client(from), new SecretHash(ValueFormat.blob(from)));
            case 2 -> new Command.AddNode(new NodeId(from.uuid()));
            case 3 -> new Command.CreateSpace(space(from));
            case 4 -> new Command.RemoveSpace(space(from), flag(from));
            case 5 -> new Command.Grant(space(from), client(from), Role.of(from.u8()));
            case 6 ->
                new Command.PutFiles(space(from), list(from, f -> new NodeId(f.uuid())), list(from, f -> {
                    FilePath path = ValueFormat.path(f);
                    return new Command.Put(path, ValueFormat.content(f), (int) f.zigzag(), ValueFormat.condition(f));
                }));
            case 7 ->
                new Command.RemoveFiles(
                        space(from),
                        flag(from),
                        list(from, f -> new Command.Remove(ValueFormat.path(f), ValueFormat.condition(f))));
            case 8 ->
                new Command.MoveFiles(
                        space(from),
                        list(
                                from,
                                f -> new Command.Move(
                                        ValueFormat.path(f), ValueFormat.path(f), ValueFormat.condition(f), flag(f))));
            case 9 -> new Command.SetReplicas(space(from), (int) from.zigzag(), list(from, ValueFormat::path));
            case 10 -> new Command.TrimHistory(from.zigzag(), (int) from.zigzag());
            case 11 -> new Command.ForgetBlobs(from.zigzag(), list(from, ValueFormat::blob));
            case 12 -> new Command.Drain((int) from.zigzag());
            case 13 ->
                new Command.Want(space(from), ValueFormat.pattern(from), from.zigzag(), flag(from), from.varint());
            case 14 -> new Command.Unwant(list(from, Reader::varint));
            case 15 -> new Command.Acknowledge(list(from, Reader::varint), from.varint());
            case 16 -> new Command.ExpireInterests((int) from.zigzag());
            case 17 -> new Command.ShareFolders(list(from, EntryFormat::space));
            case 18 -> new Command.Sight(space(from), list(from, EntryFormat::sighting));
            default -> throw new MalformedException("no command has the tag " + tag);
        };
    }

    private static ClientId client(Reader from) {
        return new ClientId(from.uuid());
    }

    private static SpaceName space(Reader from) {
        return new SpaceName(from.text());
    }

    private static boolean flag(Reader from) {
        int value = from.u8();
        if (value > 1) {
            throw new MalformedException("a flag is 0 or 1, not " + value);
        }
        return value == 1;
    }

    private interface Item<T> {
        T read(Reader from);
    }

    private static <T> List<T> list(Reader from, Item<T> item) {
        int count = from.count(from.left());
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(item.read(from));
        }
        return items;
    }
}
