//! Mail: what a letter is made of, and the two ways it can leave (an SMTP server, or a folder in development).
//!
//! A letter begins as a row (`infra::letters`). The worker leases rows, has them rendered to a [`Draft`] by the noun that caused
//! them, and hands the drafts to the [`Mailer`]. Money letters and updates are two streams with a sender of their own, so that a
//! complaint about an update never holds back a receipt.

/// Which of the two streams a letter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What a person must know: sign-in, receipts, refunds. There is nothing to unsubscribe from.
    Money,
    /// What a person chose to follow; always with an address to unsubscribe.
    Updates,
}

/// A letter as its noun writes it, in the receiver's language. Address, sender and headers are added when it is sent.
#[derive(Clone, Debug)]
pub struct Draft {
    pub stream: Stream,
    /// One line.
    pub subject: String,
    /// The whole plain text, with its footer.
    pub text: String,
    /// The same as an HTML document.
    pub html: String,
    /// Whole address of the page that ends this subscription (RFC 8058: it also takes a POST), for updates.
    pub unsubscribe_url: Option<String>,
    /// The list a follower is on, such as `kookclub-west.updates`: letters, digits, hyphens and dots. The host is added.
    pub list_id: Option<String>,
}
