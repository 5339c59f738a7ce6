"""月报: each month every village says who of its labour force changed; towns merge and report, the bureau receives.

Basis: 泉台管办规〔2023〕3号 二(二), "每月10日前报送附件1、2"; decisions A23, A31, A32 and check C23 of the brief.
"""
