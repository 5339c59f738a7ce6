"""劳动力信息库: people, imports of annexes, doubtful repeats; for villages, towns, the labour section and auditors."""
