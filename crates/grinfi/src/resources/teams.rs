//! Teams, with their plans and credits.

use grinfi_raw::types::CheckTeamLimitsBody;

use crate::{
    call::Call,
    client::Client,
    error::{Error, Result},
    models::{Team, TeamLimits},
    resources::macros::{fetch, handle},
    search::{Listed, Search},
};

handle! {
    /// Teams, with their plans and credits. Each API key belongs to one team.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = grinfi_sandbox::Sandbox::start().await?;
    /// # let client = grinfi::Client::builder().api_key(sandbox.key()).base_url(sandbox.base_url()).build()?;
    /// for team in client.teams().list().stream().collect().await? {
    ///     println!("{:?} {:?}", team.id, team.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    Teams
}

impl Client {
    /// Teams, with their plans and credits.
    #[must_use]
    pub fn teams(&self) -> Teams {
        Teams::new(self.clone())
    }
}

impl Teams {
    /// Lists the teams of the user (`listTeams`). The API supports neither a filter nor an order here.
    pub fn list(&self) -> Search<Self> {
        Search::new(self.client.clone())
    }

    /// Gets a team (`getTeam`). [`Client::team_id`] returns the id of the key's team.
    ///
    /// # Errors
    ///
    /// [`Error::is_not_found`] if the id is unknown.
    pub fn get(&self, id: i64) -> Call<Team> {
        self.client.try_call(|| {
            check_team(id)?;
            Ok(self.client.raw().get_team(id))
        })
    }

    /// Returns the cost of this many sender profiles for a team (`checkTeamLimits`). Nothing is changed or bought.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid_input`] for less than one sender profile; [`Error::is_out_of_credits`] if the plan of the team
    /// does not allow it.
    pub fn check_limits(&self, id: i64, sender_profiles: u32) -> Call<TeamLimits> {
        self.client.try_call(|| {
            check_team(id)?;
            if sender_profiles == 0 {
                return Err(Error::input("sender_profiles", "must be at least 1, got 0"));
            }
            let body = CheckTeamLimitsBody::new(sender_profiles.into());
            Ok(self.client.raw().check_team_limits(id, &body))
        })
    }
}

fn check_team(id: i64) -> Result<()> {
    if id > 0 { Ok(()) } else { Err(Error::input("id", format!("must be a positive number, got {id}"))) }
}

impl Listed for Teams {
    type Item = Team;
    const OPERATION: &'static str = "listTeams";
    const ORDERED: bool = false;

    fetch! { list_teams_with_options(ListTeams) }
}
