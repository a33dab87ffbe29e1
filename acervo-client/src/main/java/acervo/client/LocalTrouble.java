package acervo.client;

/// Trouble with one file of this machine: data, so that the others go on.
///
/// @param path what it is about, as the user named or would name it
/// @param detail more of what was seen; may be empty
public record LocalTrouble(Kind kind, String path, String detail) {
    /// What is the matter.
    public enum Kind {
        /// There is no such file.
        NOT_FOUND,
        /// It may not be read.
        UNREADABLE,
        /// Its folder may not be written, or the disk is full.
        UNWRITABLE,
        /// Neither a file nor a folder: a socket, a pipe, a device.
        SPECIAL,
        /// A folder, and folders were not asked for.
        FOLDER,
        /// A symbolic link inside a folder: not followed.
        LINK,
        /// It changed while it was read; nothing of it was committed.
        CHANGED,
        /// Its name is no UTF-8 text.
        NAME_NOT_TEXT,
        /// Something else is there already, and is not overwritten.
        EXISTS,
        /// Another process is writing it at this moment.
        BUSY,
        /// What arrived is not what the server says it holds.
        DAMAGED,
        /// A kind of entry that this version does not recover.
        UNSUPPORTED
    }
}
