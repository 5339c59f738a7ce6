"""Annexes 1 to 3 of the notice (劳动力资源信息采集表、网格工作人员名单): read in, compared, taken in, undone, written out."""
