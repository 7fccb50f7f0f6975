namespace EdgeInference.Tool.Tests;

/// <summary>Tests that redirect the console run one at a time.</summary>
[CollectionDefinition("console", DisableParallelization = true)]
public sealed class ConsoleTests;
