"""What every page shares: who acts, navigation, refusals, sign-in, downloads."""
