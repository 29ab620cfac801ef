-- An organization's account with AvaTax, which checks its addresses. The licence key is encrypted with the key file.
CREATE TABLE avalara_accounts (
    org_id              BIGINT NOT NULL PRIMARY KEY,
    account             TEXT NOT NULL,
    license_key_sealed  TEXT NOT NULL,
    url                 TEXT NOT NULL,
    FOREIGN KEY (org_id) REFERENCES organizations (id)
);
