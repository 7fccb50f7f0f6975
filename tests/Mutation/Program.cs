using EdgeInference.Mutation;

try
{
    return await new Campaign(Options.Parse(args), Console.Out).RunAsync() ? 0 : 1;
}
catch (MutationException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    await Console.Error.WriteLineAsync(Options.Usage);
    return 2;
}
