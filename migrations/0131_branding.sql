-- How an organization's portal looks. Files are kept as text: of a logo as base64.
ALTER TABLE organizations ADD COLUMN brand_theme TEXT NOT NULL DEFAULT 'auto';
ALTER TABLE organizations ADD COLUMN brand_accent TEXT;
ALTER TABLE organizations ADD COLUMN brand_radius BIGINT;
ALTER TABLE organizations ADD COLUMN brand_font TEXT;
ALTER TABLE organizations ADD COLUMN brand_logo TEXT;        -- the hash of its content
ALTER TABLE organizations ADD COLUMN brand_logo_width BIGINT;
ALTER TABLE organizations ADD COLUMN brand_logo_height BIGINT;
ALTER TABLE organizations ADD COLUMN brand_stylesheet TEXT;  -- the hash of its content

CREATE TABLE brand_files (
    org_id   BIGINT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('logo', 'stylesheet')),
    hash     TEXT NOT NULL,
    content  TEXT NOT NULL,
    PRIMARY KEY (org_id, kind),
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
