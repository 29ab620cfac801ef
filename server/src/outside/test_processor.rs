//! The Test Processor: deterministic, no network (`api.md` §6.5). It keeps a book of its own, as a
//! real processor would, so that it can be asked again what became of a key.

use billing::ports::{Answering, CannotTokenize, Charge, Gateway, GiveBack, Instrument, StandsFor};
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::payments::{Answer, Known, Match, Outcome, Processor, RequestKind, Verdict};
use domain::wallet::{BankAccount, Card, Expiry};
use store::test_processor::{Request, Sale};
use store::{Db, Tx};

pub struct TestProcessor {
    pub db: Db,
}

/// What is known of a card or a token of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Given {
    kind: Kind,
    has_address: bool,
    has_cvv: bool,
    expiry: Expiry,
}

/// The rows of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Approves,
    Declines,
    AddressFails,
    CvvFails,
    Breaks,
    /// Any other number.
    Unknown,
}

const KINDS: [(Kind, &str); 6] = [
    (Kind::Approves, "approves"),
    (Kind::Declines, "declines"),
    (Kind::AddressFails, "address"),
    (Kind::CvvFails, "cvv"),
    (Kind::Breaks, "breaks"),
    (Kind::Unknown, "unknown"),
];

impl Kind {
    fn of(card: &Card) -> Kind {
        match card.number.expose() {
            "4111111111111111" | "5555555555554444" => Kind::Approves,
            "4000000000000002" => Kind::Declines,
            "4000000000000010" => Kind::AddressFails,
            "4000000000000101" => Kind::CvvFails,
            "4000000000000119" => Kind::Breaks,
            _ => Kind::Unknown,
        }
    }
}

impl Given {
    fn of(card: &Card) -> Given {
        Given {
            kind: Kind::of(card),
            has_address: card.billing_address.as_ref().is_some_and(|address| address.street1.is_some()),
            has_cvv: card.cvv.is_some(),
            expiry: card.expiry,
        }
    }

    /// Accounts that end in 0000 decline.
    fn of_account(account: &BankAccount) -> Given {
        let kind = if account.number.expose().ends_with("0000") { Kind::Declines } else { Kind::Approves };
        Given { kind, has_address: false, has_cvv: false, expiry: FAR }
    }

    /// `test-approves-01`: nothing of the card is in it.
    fn token(self) -> String {
        let name = KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("unknown", |(_, name)| name);
        format!("test-{name}-{}{}", u8::from(self.has_address), u8::from(self.has_cvv))
    }

    fn from_token(token: &str, stands_for: StandsFor) -> Option<Given> {
        let expiry = match stands_for {
            StandsFor::Card { expiry } => expiry.unwrap_or(FAR),
            StandsFor::BankAccount => FAR,
        };
        let (name, flags) = token.strip_prefix("test-")?.split_once('-')?;
        let (kind, _) = KINDS.iter().find(|(_, known)| *known == name)?;
        Some(Given { kind: *kind, has_address: flags.starts_with('1'), has_cvv: flags.ends_with('1'), expiry })
    }

    fn answer(self, today: Date, transaction: &str) -> Answer {
        let matched = |given: bool, fails: bool| match (given, fails) {
            (false, _) => Match::Unsupported,
            (true, true) => Match::No,
            (true, false) => Match::Yes,
        };
        let (verdict, code, message) = match self.kind {
            _ if self.expiry.is_past(today) => (Verdict::Declined, "EXPIRED", "The card has expired."),
            Kind::Declines => (Verdict::Declined, "DECLINED", "This transaction has been declined."),
            Kind::Unknown => (Verdict::Declined, "NO_TEST_CARD", "This is not a card of the Test Processor."),
            Kind::Breaks => (Verdict::Error, "PROCESSOR_ERROR", "The processor could not handle the request."),
            Kind::Approves | Kind::AddressFails | Kind::CvvFails => (Verdict::Approved, "", APPROVED),
        };
        Answer {
            avs: matched(self.has_address, self.kind == Kind::AddressFails),
            cvv: matched(self.has_cvv, self.kind == Kind::CvvFails),
            ..answer((verdict, code, message), transaction)
        }
    }
}

const APPROVED: &str = "This transaction has been approved.";

fn answer((verdict, code, message): (Verdict, &str, &str), transaction: &str) -> Answer {
    let is_approved = verdict == Verdict::Approved;
    Answer {
        verdict,
        transaction_id: format!("TST-{transaction}"),
        approval_code: if is_approved { approval_code(transaction) } else { String::new() },
        status_message: message.to_owned(),
        error_code: code.to_owned(),
        error_message: if is_approved { String::new() } else { message.to_owned() },
        avs: Match::Unsupported,
        cvv: Match::Unsupported,
        response_time_ms: 1,
    }
}

/// What becomes of a request to give `sale` back.
fn give_back(request: &Charge, sale: Option<Sale>) -> Answer {
    let declined = |code, message| (Verdict::Declined, code, message);
    let said = match sale {
        None => declined("NO_SUCH_SALE", "There is no such sale."),
        Some(sale) if sale.currency != request.currency => declined("CURRENCY", "The sale has another currency."),
        Some(sale) if !sale.given_back.is_zero() && request.amount > sale.amount - sale.given_back => {
            declined("GIVEN_BACK", "The sale has been given back already.")
        }
        Some(sale) if request.amount > sale.amount => declined("AMOUNT", "This is more than was charged."),
        Some(sale) if request.kind == RequestKind::Void && sale.charged_on != Some(request.today) => {
            declined("SETTLED", "The sale is already settled; it can be refunded.")
        }
        Some(sale) if request.kind == RequestKind::Void && sale.amount != request.amount => {
            declined("AMOUNT", "A void takes back all of a sale.")
        }
        Some(_) => (Verdict::Approved, "", APPROVED),
    };
    answer(said, transaction(request))
}

/// The part of a transaction id that follows from the key.
fn transaction(request: &Charge) -> &str {
    request.key.trim_start_matches("payment-")
}

/// Six letters and digits that follow from the transaction.
fn approval_code(transaction: &str) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut state =
        transaction.bytes().fold(17_u64, |state, byte| state.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut letter = || {
        let index = usize::try_from(state % LETTERS.len() as u64).unwrap_or_default();
        state /= LETTERS.len() as u64;
        char::from(LETTERS[index])
    };
    (0..6).map(|_| letter()).collect()
}

/// A key that never arrived, and from now on never will: what comes late gets this answer too.
fn never() -> Answer {
    Answer {
        verdict: Verdict::Error,
        transaction_id: String::new(),
        approval_code: String::new(),
        status_message: NEVER.to_owned(),
        error_code: NEVER.to_owned(),
        error_message: String::new(),
        avs: Match::Unsupported,
        cvv: Match::Unsupported,
        response_time_ms: 0,
    }
}
const NEVER: &str = "NEVER_RECEIVED";

impl TestProcessor {
    /// The answer that stands in the book for the key: the first one given.
    async fn book(&self, charge: &Charge, answer: &Answer) -> Result<Answer, store::Error> {
        let request = request(charge, None);
        self.db.transact(async |tx: &mut Tx| write(tx, charge, request, answer).await).await
    }

    /// The same of a void or a refund; what it comes to is decided while nobody else can give back of the sale.
    async fn book_back(&self, back: &GiveBack) -> Result<Answer, store::Error> {
        let charge = &back.request;
        let request = request(charge, Some(&back.transaction_id));
        self.db
            .transact(async |tx: &mut Tx| {
                let sale = store::test_processor::hold_sale(tx, charge.org, &back.transaction_id).await?;
                // A key that is in the book already is part of what was given back.
                if let Some(booked) = store::test_processor::find(tx, charge.org, request.key).await? {
                    return Ok(booked);
                }
                write(tx, charge, request, &give_back(charge, sale)).await
            })
            .await
    }

    async fn known(&self, charge: &Charge) -> Known {
        match self.book(charge, &never()).await {
            Ok(booked) if booked.error_code == NEVER => Known::Never,
            Ok(booked) => Known::Answered(booked),
            Err(_) => Known::Unknown,
        }
    }

    async fn gave_back(&self, back: &GiveBack) -> Outcome {
        outcome(self.book_back(back).await)
    }
}

fn request<'a>(charge: &'a Charge, gives_back: Option<&'a str>) -> Request<'a> {
    Request {
        key: &charge.key,
        kind: charge.kind,
        amount: charge.amount,
        currency: charge.currency,
        today: charge.today,
        gives_back,
    }
}

async fn write(tx: &mut Tx, charge: &Charge, request: Request<'_>, answer: &Answer) -> Result<Answer, store::Error> {
    store::test_processor::insert(tx, charge.org, request, answer, charge.now).await?;
    let booked = store::test_processor::find(tx, charge.org, request.key).await?;
    Ok(booked.unwrap_or_else(|| answer.clone()))
}

fn outcome(booked: Result<Answer, store::Error>) -> Outcome {
    match booked {
        Ok(booked) => Outcome::Answered(booked),
        Err(error) => {
            tracing::warn!(%error, "the Test Processor's book can't be written");
            Outcome::Unknown
        }
    }
}

impl Gateway for TestProcessor {
    fn processor(&self) -> Processor {
        Processor::Test
    }

    fn charge<'a>(&'a self, charge: &'a Charge, instrument: &'a Instrument) -> Answering<'a, Outcome> {
        Box::pin(async move {
            let given = match instrument {
                Instrument::Card(card) => Some(Given::of(card)),
                Instrument::Token { token, stands_for } => Given::from_token(token, *stands_for),
            };
            let unknown = Given { kind: Kind::Unknown, has_address: false, has_cvv: false, expiry: FAR };
            let answer = given.unwrap_or(unknown).answer(charge.today, transaction(charge));
            outcome(self.book(charge, &answer).await)
        })
    }

    fn void<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.gave_back(back))
    }

    fn refund<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.gave_back(back))
    }

    fn look_up<'a>(&'a self, charge: &'a Charge) -> Answering<'a, Known> {
        Box::pin(self.known(charge))
    }

    fn look_up_back<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Known> {
        Box::pin(self.known(&back.request))
    }

    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(async move { Ok(Given::of(card).token()) })
    }

    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(async move { Ok(Given::of_account(account).token()) })
    }

    fn validate<'a>(&'a self, _: OrganizationId, card: &'a Card, today: Date) -> Answering<'a, Outcome> {
        Box::pin(async move { Outcome::Answered(Given::of(card).answer(today, "0")) })
    }
}

const FAR: Expiry = Expiry { year: 2999, month: 12 };

#[cfg(test)]
mod tests {
    use super::*;
    use domain::contacts::AddressFields;
    use domain::wallet::{AccountNumber, AccountType, CardNumber, RoutingNumber, SecurityCode};

    fn card(number: &str, complete: bool) -> Card {
        let address = AddressFields { street1: Some("43 Main Av".to_owned()), ..AddressFields::default() };
        Card {
            number: CardNumber::parse(number).unwrap(),
            expiry: Expiry { year: 2035, month: 12 },
            cvv: complete.then(|| SecurityCode::parse("123").unwrap()),
            holder: None,
            billing_address: complete.then_some(address),
        }
    }

    fn card_of(given: Given) -> StandsFor {
        StandsFor::Card { expiry: Some(given.expiry) }
    }

    fn shown(number: &str, complete: bool) -> String {
        let answer = Given::of(&card(number, complete)).answer(Date::new(2011, 9, 20), "192");
        format!("{} {} {}", answer.verdict, answer.avs, answer.cvv)
    }

    #[test]
    fn the_table_of_the_contract_holds() {
        for (number, expected) in [
            ("4111111111111111", "Approved Y Y"),
            ("5555555555554444", "Approved Y Y"),
            ("4000000000000002", "Declined Y Y"),
            ("4000000000000010", "Approved N Y"),
            ("4000000000000101", "Approved Y N"),
            ("4000000000000119", "Error Y Y"),
            ("378282246310005", "Declined Y Y"),
        ] {
            assert_eq!(shown(number, true), expected, "{number}");
        }
        assert_eq!(shown("4111111111111111", false), "Approved X X");
    }

    #[test]
    fn an_expired_card_is_declined() {
        let given = Given { expiry: Expiry { year: 2011, month: 8 }, ..Given::of(&card("4111111111111111", true)) };
        assert_eq!(given.answer(Date::new(2011, 9, 1), "1").verdict, Verdict::Declined);
    }

    #[test]
    fn an_account_that_ends_in_four_zeros_declines() {
        for (number, expected) in [("12345678", Verdict::Approved), ("12340000", Verdict::Declined)] {
            let account = BankAccount {
                routing: RoutingNumber::parse("021000021").unwrap(),
                number: AccountNumber::parse(number).unwrap(),
                account_type: AccountType::Checking,
                holder: None,
                bank_name: None,
                billing_address: None,
            };
            let token = Given::of_account(&account).token();
            let answer = Given::from_token(&token, StandsFor::BankAccount).unwrap().answer(Date::new(2011, 9, 20), "1");
            assert_eq!((answer.verdict, token.contains(number)), (expected, false));
        }
    }

    #[test]
    fn a_token_stands_for_its_card_and_holds_nothing_of_it() {
        for number in ["4111111111111111", "4000000000000002", "4000000000000101", "378282246310005"] {
            let given = Given::of(&card(number, true));
            assert_eq!(Given::from_token(&given.token(), card_of(given)), Some(given));
            assert!(!given.token().contains(&number[12..]));
        }
    }
}
