"""The labour register (农村劳动力信息库, notice 一（一）): people, what they do over time, key groups, grid workers."""
