PRAGMA application_id = 1885890916;
PRAGMA user_version = 2;
CREATE TABLE folders (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        position INTEGER NOT NULL
    );
CREATE TABLE chats (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        is_titled INTEGER NOT NULL,
        folder TEXT REFERENCES folders ON DELETE SET NULL,
        is_pinned INTEGER NOT NULL,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        system_prompt TEXT NOT NULL,
        sampling TEXT NOT NULL,
        model TEXT NOT NULL,
        leaf TEXT,
        deleted REAL
    , options TEXT NOT NULL DEFAULT '{}');
CREATE INDEX chats_by_folder ON chats (folder);
CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        chat TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
        parent TEXT,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        created REAL NOT NULL,
        model TEXT NOT NULL,
        engine TEXT NOT NULL,
        deleted REAL,
        indexed INTEGER NOT NULL DEFAULT 0,
        result TEXT,
        error TEXT NOT NULL,
        text TEXT NOT NULL,
        attachments TEXT NOT NULL
    );
CREATE INDEX messages_by_chat ON messages (chat);
CREATE INDEX messages_not_indexed ON messages (number) WHERE indexed <> 1;
CREATE INDEX messages_gone ON messages (deleted) WHERE deleted IS NOT NULL;
CREATE VIRTUAL TABLE words USING fts5 (
        text, content = 'messages', content_rowid = 'number', tokenize = 'trigram'
    );
CREATE TRIGGER messages_into_words AFTER UPDATE OF indexed ON messages
        WHEN old.indexed = 0 AND new.indexed = 1 BEGIN
        INSERT INTO words (rowid, text) VALUES (new.number, new.text);
    END;
CREATE TRIGGER messages_out_of_words AFTER UPDATE OF indexed ON messages
        WHEN old.indexed = 1 AND new.indexed = 0 BEGIN
        INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.indexed = 1 BEGIN
        INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    END;
CREATE TABLE drafts (chat TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE draft_files (chat TEXT PRIMARY KEY, attachments TEXT NOT NULL);
CREATE TRIGGER chats_deleted AFTER DELETE ON chats BEGIN
        DELETE FROM drafts WHERE chat = old.id;
        DELETE FROM draft_files WHERE chat = old.id;
    END;
INSERT INTO folders VALUES ('f1', 'Geography', 0);
INSERT INTO chats VALUES ('c1', '阿姆斯特丹', 1, 'f1', 1, 1795000000.5, 1795000100.5, 'You are a helpful assistant.', '{"temperature":0.25,"top_p":0.95,"top_k":40,"min_p":0.05,"repetition_penalty":1.0,"max_tokens":null,"seed":null,"stop":["###"]}', 'starter', 'm2', NULL, '{"overflow":"drop","cut":null,"json_schema":"{\"type\": \"string\"}","preset":""}');
INSERT INTO drafts VALUES ('', 'Not begun: 你好');
INSERT INTO drafts VALUES ('c1', 'And of Belgium?');
INSERT INTO draft_files VALUES ('c1', '[{"name":"b.csv","text":"3,4\n","tokens":null}]');
INSERT INTO messages VALUES (1, 'm1', 'c1', NULL, 'user', 'done', 1795000000.5, '', '', NULL, 1, NULL, '', 'What is the capital of 荷兰?', '[{"name":"a.csv","text":"1,2\n","tokens":4}]');
INSERT INTO messages VALUES (2, 'm2', 'c1', 'm1', 'assistant', 'done', 1795000001.5, 'SmolLM2', 'llamacpp', NULL, 1, '{"prompt_tokens":20,"completion_tokens":12,"ttft_s":0.1,"tokens_per_second":50.0,"stop_reason":"end","cached_tokens":0,"acceptance":null}', '', 'The capital is Amsterdam.', '[]');
INSERT INTO words (words) VALUES ('rebuild');
