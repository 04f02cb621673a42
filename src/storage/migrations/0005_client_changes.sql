-- Counts the changes of clients, so that a running server, which remembers the clients it has met, knows when one was
-- changed or removed, by whichever program.
CREATE TABLE client_changes (
  number INTEGER NOT NULL
) STRICT;
INSERT INTO client_changes (number) VALUES (0);
CREATE TRIGGER clients_updated AFTER UPDATE ON clients BEGIN
  UPDATE client_changes SET number = number + 1;
END;
CREATE TRIGGER clients_deleted AFTER DELETE ON clients BEGIN
  UPDATE client_changes SET number = number + 1;
END;
