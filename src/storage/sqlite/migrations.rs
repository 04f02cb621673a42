//! Brings a database to this version, step by step.

use rusqlite::{Connection, OptionalExtension as _};
use rusqlite_migration::{Error, M, Migrations};

const STEPS: [M<'_>; 5] = [
    M::up(include_str!("../migrations/0001_foundation.sql")),
    M::up(include_str!("../migrations/0002_following.sql")),
    M::up(include_str!("../migrations/0003_content.sql")),
    M::up(include_str!("../migrations/0004_guests.sql")),
    M::up(include_str!("../migrations/0005_client_changes.sql")),
];

/// Takes the steps that are still to be taken, each whole or not at all.
pub(super) fn run(connection: &mut Connection) -> Result<(), Error> {
    take_over(connection)?;
    Migrations::from_slice(&STEPS).to_latest(connection)
}

/// Earlier builds counted the steps in a table of another library's.
fn take_over(connection: &Connection) -> rusqlite::Result<()> {
    let query = "SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    if connection.query_row(query, [], |_| Ok(())).optional()?.is_none() {
        return Ok(());
    }
    let steps: i64 = connection.query_row("SELECT count(*) FROM _sqlx_migrations", [], |row| row.get(0))?;
    connection.execute_batch(&format!("BEGIN; PRAGMA user_version = {steps}; DROP TABLE _sqlx_migrations; COMMIT"))
}

#[cfg(test)]
mod tests {
    use super::{Migrations, STEPS, run};
    use rusqlite::Connection;

    #[test]
    fn a_database_of_an_earlier_build_is_taken_over_where_it_stands() {
        let mut connection = Connection::open_in_memory().unwrap();
        Migrations::from_slice(&STEPS[..4]).to_latest(&mut connection).unwrap();
        let before = "PRAGMA user_version = 0;
            CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY);
            INSERT INTO _sqlx_migrations VALUES (1), (2), (3), (4);
            INSERT INTO clients (client_id, document, created_at) VALUES ('a', '{}', 0);";
        connection.execute_batch(before).unwrap();
        for _ in 0..2 {
            run(&mut connection).unwrap();
            let (steps, clients): (isize, i64) = connection
                .query_row("SELECT (SELECT user_version FROM pragma_user_version), count(*) FROM clients", [], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .unwrap();
            assert_eq!((steps, clients), (STEPS.len().cast_signed(), 1));
        }
    }

    #[test]
    fn a_database_of_a_later_version_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA user_version = 99").unwrap();
        assert!(run(&mut connection).is_err());
    }
}
