//! The one writer. What waits is written together in one transaction, so that one wait for the disk serves all of it;
//! nobody gets an answer before what he asked for is on the disk.
//!
//! A group with a change that fails is undone, and each of its changes is made by itself: a failure concerns the one who
//! caused it.

use crate::storage::{StorageError, Stored};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

/// The most changes of one transaction.
const MOST: usize = 256;
/// How many may wait; who finds the queue full waits for a place in it.
const QUEUE: usize = 1024;

/// The writer's queue. Clones share it; the writer ends with the last of them.
#[derive(Clone)]
pub(super) struct Writer(mpsc::Sender<Message>);

enum Message {
    Change(Box<dyn Waiting>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the writer's thread.
    pub(super) fn start(connection: Connection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        std::thread::spawn(move || write(connection, waiting));
        Self(queue)
    }

    /// Makes the change, all or nothing, and comes back when it is on the disk. It may be made more than once, each time
    /// as if it had never been.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        change: impl Fn(&Connection) -> Stored<T> + Send + 'static,
    ) -> Stored<T> {
        let (asker, answer) = oneshot::channel();
        let waiting = Box::new(Asked { change, outcome: None, asker });
        self.0.send(Message::Change(waiting)).await.map_err(|_| StorageError::Closed)?;
        answer.await.map_err(|_| StorageError::Closed)?
    }

    /// Whether it takes nothing any more.
    pub(super) fn has_ended(&self) -> bool {
        self.0.is_closed()
    }

    /// Ends the writer after all that waits, and closes its connection.
    pub(super) async fn close(&self) {
        let (closed, done) = oneshot::channel();
        if self.0.send(Message::Close(closed)).await.is_ok() {
            let _ = done.await;
        }
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Writer")
    }
}

trait Waiting: Send {
    fn make(&mut self, connection: &Connection) -> Stored<()>;
    fn fail(&mut self, error: StorageError);
    fn answer(self: Box<Self>);
}

struct Asked<T, F> {
    change: F,
    outcome: Option<Stored<T>>,
    asker: oneshot::Sender<Stored<T>>,
}

impl<T: Send, F: Fn(&Connection) -> Stored<T> + Send> Waiting for Asked<T, F> {
    fn make(&mut self, connection: &Connection) -> Stored<()> {
        self.outcome = Some(Ok((self.change)(connection)?));
        Ok(())
    }

    fn fail(&mut self, error: StorageError) {
        self.outcome = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        if let Some(outcome) = self.outcome {
            // Whoever asked may have gone away; the change is made all the same.
            let _ = self.asker.send(outcome);
        }
    }
}

fn write(connection: Connection, mut waiting: mpsc::Receiver<Message>) {
    let mut messages = Vec::new();
    while waiting.blocking_recv_many(&mut messages, MOST) > 0 {
        let (mut group, mut closing) = (Vec::with_capacity(messages.len()), None);
        for message in messages.drain(..) {
            match message {
                Message::Change(change) => group.push(change),
                Message::Close(closed) => closing = Some(closed),
            }
        }
        make(&connection, &mut group);
        group.into_iter().for_each(Waiting::answer);
        if let Some(closed) = closing {
            drop(connection);
            waiting.close();
            let _ = closed.send(());
            return;
        }
    }
}

fn make(connection: &Connection, group: &mut [Box<dyn Waiting>]) {
    let Err(error) = together(connection, group) else { return };
    match group {
        [one] => one.fail(error),
        group => {
            for one in group {
                if let Err(error) = together(connection, std::slice::from_mut(one)) {
                    one.fail(error);
                }
            }
        }
    }
}

fn together(connection: &Connection, group: &mut [Box<dyn Waiting>]) -> Stored<()> {
    if group.is_empty() {
        return Ok(());
    }
    let run = |statement| super::execute(connection, statement, []);
    run("BEGIN IMMEDIATE")?;
    let made = group.iter_mut().try_for_each(|one| one.make(connection)).and_then(|()| run("COMMIT").map(drop));
    if made.is_err() && !connection.is_autocommit() {
        // What cannot even be undone is undone by SQLite when the connection is closed.
        let _ = run("ROLLBACK");
    }
    made
}

#[cfg(test)]
mod tests {
    use super::{Message, Writer, write};
    use crate::storage::{StorageError, Stored};
    use rusqlite::Connection;
    use tokio::sync::mpsc;

    fn numbers(path: &std::path::Path) -> Connection {
        let connection = Connection::open(path).unwrap();
        connection.execute_batch("CREATE TABLE IF NOT EXISTS numbers (value INTEGER NOT NULL) STRICT").unwrap();
        connection
    }

    /// Adds a row, and fails after that where it is to fail.
    fn add(value: i64, fails: bool) -> impl Fn(&Connection) -> Stored<i64> {
        move |connection| {
            connection.execute("INSERT INTO numbers VALUES (?)", [value])?;
            if fails {
                connection.execute("INSERT INTO numbers VALUES (NULL)", [])?;
            }
            Ok(value)
        }
    }

    #[tokio::test]
    async fn one_that_fails_in_a_group_fails_alone_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let connection = numbers(&path);
        // All ask before the writer begins, and so are one group.
        let (queue, waiting) = mpsc::channel::<Message>(100);
        let writer = Writer(queue);
        let asked: Vec<_> = (0..20)
            .map(|value| {
                let writer = writer.clone();
                tokio::spawn(async move { writer.write(add(value, value % 7 == 3)).await })
            })
            .collect();
        while writer.0.capacity() > 80 {
            tokio::task::yield_now().await;
        }
        std::thread::spawn(move || write(connection, waiting));
        let mut failed = Vec::new();
        for (value, answer) in asked.into_iter().enumerate() {
            if answer.await.unwrap().is_err() {
                failed.push(value);
            }
        }
        assert_eq!(failed, [3, 10, 17]);
        writer.close().await;
        assert!(writer.has_ended());
        assert!(matches!(writer.write(add(1, false)).await, Err(StorageError::Closed)));
        let connection = numbers(&path);
        let mut query = connection.prepare("SELECT value FROM numbers ORDER BY value").unwrap();
        let kept: Vec<i64> = query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let wanted: Vec<i64> = (0..20).filter(|value| value % 7 != 3).collect();
        assert_eq!(kept, wanted);
    }
}
