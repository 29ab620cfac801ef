//! Mails as they were sent: files in the data folder.

use std::time::Duration;

use super::Server;

impl Server {
    /// The files of all mails in the order of their subjects, once `count` have left the outbox.
    pub async fn mails(&self, count: usize) -> Vec<String> {
        let sent = async {
            while self.stored().await["mails"].iter().filter(|row| row.contains("|sent|")).count() < count {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), sent).await.expect("the mails are sent");
        let mut files: Vec<_> =
            std::fs::read_dir(self.data_dir().join("mail")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let mut mails: Vec<_> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        mails.sort_by_key(|mail| subject(mail).to_owned());
        mails
    }

    /// The words of the mails of this subject, once `count` mails of any have left the outbox; the jobs are done first.
    pub async fn letters(&self, count: usize, about: &str) -> Vec<String> {
        billing::jobs::run_due(&self.billing, 20).await.unwrap();
        let mails = self.mails(count).await;
        mails.iter().filter(|mail| subject(mail).contains(about)).map(|mail| unwrapped(mail)).collect()
    }
}

pub fn subject(mail: &str) -> &str {
    mail.lines().find(|line| line.starts_with("Subject: ")).unwrap_or_default()
}

/// Without what quoted-printable adds.
fn unwrapped(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}
