using EdgeInference.Runtime.Stress;
using EdgeInference.Runtime.Stress.Signals;

return args switch
{
    ["update", string folder, string key, string models, string first] => UpdateLoop.Run(folder, key, models, ulong.Parse(first), null),
    ["update", string folder, string key, string models, string first, string killAt] => UpdateLoop.Run(folder, key, models, ulong.Parse(first), killAt),
    ["bounds", string seed, string programs] => BoundsCheck.Run(int.Parse(seed), int.Parse(programs)),
    ["bounds-files", string folder] => BoundsCheck.RunFiles(folder),
    ["bounds-fault", string where] => BoundsCheck.Fault(where),
    ["overlap", string seed, string mutants, string seconds, .. string[] files] => OverlapRun.Run(int.Parse(seed), long.Parse(mutants), TimeSpan.FromSeconds(double.Parse(seconds)), files),
    ["mutate", string seed, string seconds] => MutationRun.Run(int.Parse(seed), TimeSpan.FromSeconds(double.Parse(seconds))),
    ["load", string threads, string seconds] => LoadRun.Run(int.Parse(threads), TimeSpan.FromSeconds(double.Parse(seconds))),
    ["dispose", string handle, string times] => DisposeRun.Run(handle, int.Parse(times)),
    ["spans"] => DisposeRun.Spans(),
    ["truncate", string how] => DisposeRun.Truncate(how == "map"),
    ["signals", string seed, string windows] => SignalRun.Run(int.Parse(seed), long.Parse(windows)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("update FOLDER KEY.pem MODELS_FOLDER FIRST_VERSION [KILL_AT] | bounds SEED PROGRAMS | bounds-files FOLDER | bounds-fault WHERE | overlap SEED MUTANTS SECONDS FILES... | mutate SEED SECONDS | load THREADS SECONDS | dispose HANDLE TIMES | spans | truncate copy|map | signals SEED WINDOWS");
    return 2;
}
