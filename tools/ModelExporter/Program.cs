using EdgeInference.Tool.Commands;

using var interruption = new Interruption();
return EdgeCommand.Run(args);
