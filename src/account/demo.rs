//! Citizens of the demonstration: three people with every field filled in.

use super::Accounts;
use super::hashing::HashRefused;
use crate::error::{Internal, Result};
use crate::model::identifier::Identifier;
use crate::model::profile::{Address, Profile};
use crate::model::role::Role;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::{CentreRecord, OperatorRecord};

/// The password of every demo citizen.
pub const DEMO_PASSWORD: &str = "Propusk-2026!";

/// A citizen of the demonstration.
#[derive(Clone, Copy, Debug)]
pub struct DemoCitizen {
    pub family_name: &'static str,
    pub given_name: &'static str,
    pub middle_name: &'static str,
    pub birthdate: &'static str,
    pub gender: &'static str,
    /// Postal code, region, place, street.
    pub address: [&'static str; 4],
    pub zoneinfo: &'static str,
    pub snils: &'static str,
    pub phone: &'static str,
    pub email: &'static str,
}

/// Everyone of the demonstration.
pub const DEMO_CITIZENS: [DemoCitizen; 3] = [
    DemoCitizen {
        family_name: "Соколова",
        given_name: "Анна",
        middle_name: "Павловна",
        birthdate: "1990-03-24",
        gender: "female",
        address: [
            "400001",
            "Волгоградская область",
            "Волгоград",
            "ул. Рабоче-Крестьянская, д. 12, кв. 34",
        ],
        zoneinfo: "Europe/Volgograd",
        snils: "112-233-445 95",
        phone: "+7 900 555-01-01",
        email: "anna.sokolova@example.ru",
    },
    DemoCitizen {
        family_name: "Ахметов",
        given_name: "Тимур",
        middle_name: "Русланович",
        birthdate: "1978-11-02",
        gender: "male",
        address: [
            "420111",
            "Республика Татарстан",
            "Казань",
            "ул. Баумана, д. 7, кв. 2",
        ],
        zoneinfo: "Europe/Moscow",
        snils: "087-654-303 00",
        phone: "+7 900 555-01-02",
        email: "timur.akhmetov@example.ru",
    },
    DemoCitizen {
        family_name: "Ким",
        given_name: "Мария",
        middle_name: "Сергеевна",
        birthdate: "2001-07-15",
        gender: "female",
        address: [
            "690091",
            "Приморский край",
            "Владивосток",
            "ул. Светланская, д. 51, кв. 9",
        ],
        zoneinfo: "Asia/Vladivostok",
        snils: "123-456-789 64",
        phone: "+7 900 555-01-03",
        email: "maria.kim@example.ru",
    },
];

/// Who sees people in the demonstration's service centre.
pub const DEMO_OPERATOR: DemoCitizen = DemoCitizen {
    family_name: "Орлова",
    given_name: "Вера",
    middle_name: "Ильинична",
    birthdate: "1985-09-09",
    gender: "female",
    address: [
        "400005",
        "Волгоградская область",
        "Волгоград",
        "пр. Ленина, д. 1",
    ],
    zoneinfo: "Europe/Moscow",
    snils: "142-536-475 54",
    phone: "+7 900 555-01-09",
    email: "vera.orlova@example.ru",
};

/// Who answers citizens in the demonstration.
pub const DEMO_SUPPORT: DemoCitizen = DemoCitizen {
    family_name: "Лебедев",
    given_name: "Павел",
    middle_name: "Игоревич",
    birthdate: "1991-02-17",
    gender: "male",
    address: [
        "400005",
        "Волгоградская область",
        "Волгоград",
        "пр. Ленина, д. 3",
    ],
    zoneinfo: "Europe/Moscow",
    snils: "164-758-697 25",
    phone: "+7 900 555-01-07",
    email: "pavel.lebedev@example.ru",
};

/// Their colleague: some decisions take two.
pub const DEMO_COLLEAGUE: DemoCitizen = DemoCitizen {
    family_name: "Ершов",
    given_name: "Павел",
    middle_name: "Олегович",
    birthdate: "1980-02-17",
    gender: "male",
    address: [
        "400005",
        "Волгоградская область",
        "Волгоград",
        "пр. Ленина, д. 3",
    ],
    zoneinfo: "Europe/Moscow",
    snils: "153-647-586 90",
    phone: "+7 900 555-01-08",
    email: "pavel.ershov@example.ru",
};

/// The second one of support.
pub const DEMO_SUPPORT_COLLEAGUE: DemoCitizen = DemoCitizen {
    family_name: "Зимина",
    given_name: "Ольга",
    middle_name: "Петровна",
    birthdate: "1988-06-21",
    gender: "female",
    address: [
        "400005",
        "Волгоградская область",
        "Волгоград",
        "пр. Ленина, д. 5",
    ],
    zoneinfo: "Europe/Moscow",
    snils: "186-970-819 37",
    phone: "+7 900 555-01-06",
    email: "olga.zimina@example.ru",
};

/// The centre they work at.
pub const DEMO_CENTRE: &str = "centre-1";

impl DemoCitizen {
    fn profile(&self) -> Profile {
        let [postal_code, region, locality, street_address] = self.address.map(str::to_owned);
        Profile {
            family_name: self.family_name.to_owned(),
            given_name: self.given_name.to_owned(),
            middle_name: self.middle_name.to_owned(),
            birthdate: self.birthdate.to_owned(),
            gender: self.gender.to_owned(),
            address: Address {
                postal_code,
                region,
                locality,
                street_address,
                country: "RU".to_owned(),
            },
            zoneinfo: self.zoneinfo.to_owned(),
            ..Profile::default()
        }
    }

    fn identifiers(&self) -> Option<Vec<Identifier>> {
        [self.phone, self.email, self.snils]
            .into_iter()
            .map(Identifier::parse)
            .collect()
    }
}

impl Accounts {
    /// Creates the demo citizens that are not there yet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn seed_demo(&self, now: Timestamp) -> Result<&'static [DemoCitizen]> {
        let mut hash = None;
        for citizen in DEMO_CITIZENS.iter().chain(&[
            DEMO_OPERATOR,
            DEMO_COLLEAGUE,
            DEMO_SUPPORT,
            DEMO_SUPPORT_COLLEAGUE,
        ]) {
            let identifiers = citizen
                .identifiers()
                .ok_or_else(|| Internal::new("a demo citizen has a strange contact"))?;
            if self.find_by_identifier(&identifiers[0]).await?.is_some() {
                continue;
            }
            let hash = match &hash {
                Some(hash) => hash,
                None => hash.insert(self.hash_for_seeding(DEMO_PASSWORD).await?),
            };
            let account = self.seeded_account(&citizen.profile(), &identifiers, hash, now)?;
            self.storage.register_account(account).await?;
        }
        self.seed_demo_centre(now).await?;
        Ok(&DEMO_CITIZENS)
    }

    async fn seed_demo_centre(&self, now: Timestamp) -> Result<()> {
        let centre = CentreRecord {
            id: DEMO_CENTRE.to_owned(),
            name: "Центр «Мои документы» № 1".to_owned(),
            address: "г. Волгоград, ул. Комсомольская, д. 10".to_owned(),
            hours: "пн–сб 9:00–20:00".to_owned(),
            created_at: now,
            closed_at: None,
        };
        self.storage.put_centre(centre).await?;
        let staff = [
            (DEMO_OPERATOR, Role::Centre),
            (DEMO_COLLEAGUE, Role::Centre),
            (DEMO_SUPPORT, Role::Support),
            (DEMO_SUPPORT_COLLEAGUE, Role::Support),
        ];
        for (person, role) in staff {
            let Some(account) = self.find_by_login(person.phone).await? else {
                continue;
            };
            let operator = OperatorRecord {
                account_id: account,
                centre_id: DEMO_CENTRE.to_owned(),
                role: role.as_str().to_owned(),
                added_at: now,
                disabled_at: None,
            };
            self.storage.put_operator(operator).await?;
        }
        Ok(())
    }

    pub(super) async fn hash_for_seeding(&self, password: &str) -> Result<String> {
        self.hasher
            .hash(&Secret::new(password))
            .await
            .map_err(|refused| match refused {
                HashRefused::Internal(error) => error,
                HashRefused::Busy { .. } => Internal::new("too many passwords are being hashed"),
            })
    }
}
