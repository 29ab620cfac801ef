//! Links that a merchant mints, and what they and signed tokens become: a session, once (`api.md` §8.1).

use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, OrganizationId, SsoLinkId};
use store::sso_links::SsoLink;

use super::{Beginning, Client, LINK_SECONDS, LinkRequest, Look, NewSession, Standing, start};
use crate::secrets::{Purpose, hex, random_token, token_hash};
use crate::sso::{MerchantToken, Presented, Renewal};
use crate::{Billing, Error, Result, Unit};

/// A link as the merchant gets it; only its hash is kept.
#[derive(Clone, Debug)]
pub struct Minted {
    pub id: SsoLinkId,
    pub token: String,
    pub expires_at: Timestamp,
}

/// Makes a link that lets one customer in, once, within half an hour.
pub async fn mint(unit: &mut Unit, customer: CustomerId, request: &LinkRequest) -> Result<Minted> {
    let found = store::customers::find(&mut unit.tx, unit.org.id, customer).await?;
    let found = found.ok_or(Error::NotFound("customer"))?;
    check_enters(found.status)?;
    let token = random_token();
    let expires_at = unit.now.add_seconds(LINK_SECONDS);
    let link = SsoLink {
        id: unit.id(SsoLinkId).await?,
        customer_id: customer,
        css_url: request.look.css_url.clone(),
        login_url: request.look.login_url.clone(),
        success_url: request.look.success_url.clone(),
        show_navigation: !request.look.hides_navigation,
        page: request.page.clone().unwrap_or_else(|| "customerHome".to_owned()),
        invoice_number: request.invoice_number.clone(),
        locale: request.look.locale.clone(),
        expires_at,
        redeemed_at: None,
    };
    store::sso_links::insert(&mut unit.tx, unit.org.id, &token_hash(&token), &link, unit.now).await?;
    Ok(Minted { id: link.id, token, expires_at })
}

fn check_enters(status: CustomerStatus) -> Result<()> {
    if status.may_enter_portal() {
        return Ok(());
    }
    Err(Error::refused(format!("The customer is {status} and has no portal.")))
}

/// What opening a link comes to.
#[derive(Debug)]
pub enum Redeemed {
    Session(NewSession),
    /// Used before: the key of the session that it made, for whoever holds that session's cookie, and its first page.
    Used {
        key: String,
        page: String,
        from: CameFrom,
    },
    /// Never minted here, or so long ago that it is forgotten.
    Unknown,
    /// Minted, never used, too late.
    Expired {
        from: CameFrom,
    },
}

/// What is still known of whom nothing lets in any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CameFrom {
    /// Where the merchant signs its customers in.
    pub login_url: Option<String>,
    /// Of the session, else of the customer.
    pub locale: Option<String>,
}

impl CameFrom {
    pub(crate) fn of(look: &Look) -> CameFrom {
        CameFrom { login_url: look.login_url.clone(), locale: look.locale.clone() }
    }
}

/// What a link is presented by.
#[derive(Clone, Copy, Debug)]
pub enum Credential<'a> {
    /// The token in its address.
    Token(&'a str),
    /// Its id, out of a token that we signed.
    Id(SsoLinkId),
}

/// Redeems a link: by one statement, so that however many try at once, one session is made.
pub async fn redeem(
    billing: &Billing,
    org: OrganizationId,
    credential: Credential<'_>,
    client: &Client,
) -> Result<Redeemed> {
    billing
        .unit(org, &Actor::System, async |unit| {
            let found = match credential {
                Credential::Token(token) => {
                    store::sso_links::find(&mut unit.tx, unit.org.id, &token_hash(token)).await?
                }
                Credential::Id(id) => store::sso_links::find_by_id(&mut unit.tx, unit.org.id, id).await?,
            };
            let Some(link) = found else { return Ok(Redeemed::Unknown) };
            let (customer, used_at, expires_at) = (link.customer_id, link.redeemed_at, link.expires_at);
            let (id, request) = (link.id, request_of(link));
            let (enters, from) = enters(unit, customer, &request.look).await?;
            if !enters {
                return Ok(Redeemed::Expired { from });
            }
            let key = session_key(billing, unit, &id.0.to_be_bytes());
            let page = request.first_page();
            if store::sso_links::redeem(&mut unit.tx, unit.org.id, id, unit.now).await? {
                return Ok(Redeemed::Session(begin(unit, customer, (&request, key), client).await?));
            }
            Ok(match used_at {
                // Between reading and redeeming another may have been first: used it is either way.
                None if expires_at <= unit.now => Redeemed::Expired { from },
                _ => Redeemed::Used { key, page, from },
            })
        })
        .await
}

/// Redeems a token that a merchant signed.
pub async fn redeem_signed(
    billing: &Billing,
    org: OrganizationId,
    token: &MerchantToken,
    client: &Client,
) -> Result<Redeemed> {
    billing
        .unit(org, &Actor::System, async |unit| {
            let customer = customer_of(unit, token).await?;
            let (enters, from) = enters(unit, customer, &token.request.look).await?;
            if !enters {
                return Ok(Redeemed::Expired { from });
            }
            let key = session_key(billing, unit, format!("jti {}", token.jti).as_bytes());
            if use_up_signed(unit, token).await? {
                return Ok(Redeemed::Session(begin(unit, customer, (&token.request, key), client).await?));
            }
            Ok(Redeemed::Used { key, page: token.request.first_page(), from })
        })
        .await
}

/// Uses a token up for a session that is there already. Nothing is used up that lets somebody else in.
pub(crate) async fn use_up(
    billing: &Billing,
    org: OrganizationId,
    presented: &Presented,
    customer: CustomerId,
) -> Result<Renewal> {
    billing
        .unit(org, &Actor::System, async |unit| {
            let is_used = match presented {
                Presented::Link(id) => {
                    let found = store::sso_links::find_by_id(&mut unit.tx, unit.org.id, *id).await?;
                    let is_own = found.is_some_and(|link| link.customer_id == customer);
                    is_own && store::sso_links::redeem(&mut unit.tx, unit.org.id, *id, unit.now).await?
                }
                Presented::Merchant(token) => {
                    customer_of(unit, token).await? == customer && use_up_signed(unit, token).await?
                }
            };
            Ok(if is_used { Renewal::Renewed } else { Renewal::Refused })
        })
        .await
}

async fn customer_of(unit: &mut Unit, token: &MerchantToken) -> Result<CustomerId> {
    let reference = token.ext_customer_ref.as_str();
    // No reference has a NUL, and PostgreSQL takes none.
    let is_text = !reference.contains('\0');
    let found = if is_text { store::customers::find_id(&mut unit.tx, unit.org.id, reference).await? } else { None };
    found.ok_or_else(|| Error::invalid("sub", "sub must be the extCustomerRef of a customer."))
}

async fn use_up_signed(unit: &mut Unit, token: &MerchantToken) -> Result<bool> {
    // A token may be good by either clock: it is remembered until it is over by both.
    let over = unit.now.min(unit.wall);
    store::sso_keys::sweep(&mut unit.tx, unit.org.id, over).await?;
    Ok(store::sso_keys::use_up(&mut unit.tx, unit.org.id, &token_hash(&token.jti), token.expires_at).await?)
}

/// Whether the customer may, and what to say to one who may not, or comes too late.
async fn enters(unit: &mut Unit, customer: CustomerId, look: &Look) -> Result<(bool, CameFrom)> {
    let customer = store::customers::find(&mut unit.tx, unit.org.id, customer).await?;
    let enters = customer.as_ref().is_some_and(|customer| customer.status.may_enter_portal());
    let from = CameFrom::of(look);
    let locale = from.locale.or(customer.map(|customer| customer.locale));
    Ok((enters, CameFrom { locale, ..from }))
}

/// The session's key follows from what opened it, so that a second visit finds the same session.
fn session_key(billing: &Billing, unit: &Unit, of: &[u8]) -> String {
    let parts = [&unit.org.id.0.to_be_bytes()[..], of];
    hex(&billing.vault.derive(Purpose::SsoSession, &parts)[..16])
}

fn request_of(link: SsoLink) -> LinkRequest {
    let look = Look {
        css_url: link.css_url,
        login_url: link.login_url,
        success_url: link.success_url,
        hides_navigation: !link.show_navigation,
        locale: link.locale,
    };
    LinkRequest { look, page: Some(link.page), invoice_number: link.invoice_number }
}

async fn begin(
    unit: &mut Unit,
    customer: CustomerId,
    (request, key): (&LinkRequest, String),
    client: &Client,
) -> Result<NewSession> {
    let new = NewSession { key, cookie: random_token(), customer, page: request.first_page() };
    let look = request.look.clone();
    start(unit, &new, Beginning { contact: None, look, standing: Standing::default(), client }).await?;
    Ok(new)
}
