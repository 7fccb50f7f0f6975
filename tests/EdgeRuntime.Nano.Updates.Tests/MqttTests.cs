using nanoFramework.M2Mqtt;
using nanoFramework.M2Mqtt.Messages;

namespace EdgeInference.Nano.Updates.Tests;

/// <summary>Models from a topic: what came last is offered, once.</summary>
public class MqttTests
{
    private readonly MemoryStorage storage = new();
    private readonly Client client = new();
    private readonly ModelUpdater updater;
    private readonly MqttUpdateSource source;

    public MqttTests()
    {
        updater = ModelUpdater.Open(storage, Models.Signed(1), TestPolicy.Trusting(), null);
        source = new MqttUpdateSource(client, "models/motion", updater);
    }

    [Fact]
    public void The_last_message_is_offered_between_two_inferences()
    {
        Assert.Equal([("models/motion", MqttQoSLevel.AtLeastOnce)], client.Topics);
        Assert.Null(source.Poll());
        client.Publish("models/motion", Models.Signed(2, 2f));
        client.Publish("models/motion", Models.Signed(3, 3f));
        client.Publish("models/other", Models.Signed(4, 4f));
        client.Publish("models/motion", []);
        client.Publish("models/motion", null);
        Assert.Equal(1ul, updater.Current.Version);
        Assert.Equal((UpdateOutcome.Applied, "models/motion"), (source.Poll()!.Outcome, updater.Last.Origin));
        Assert.Equal(3ul, updater.Current.Version);
        Assert.Null(source.Poll());
    }

    [Fact]
    public void A_retained_message_that_comes_again_writes_nothing()
    {
        byte[] good = Models.Signed(2, 2f);
        client.Publish("models/motion", good);
        source.Poll();
        byte[] wrong = Models.Create(3f);
        client.Publish("models/motion", wrong);
        Assert.Equal(UpdateOutcome.Unsigned, source.Poll()!.Outcome);
        int steps = storage.Steps;
        source.Subscribe(client);
        client.Publish("models/motion", wrong);
        Assert.Equal(UpdateOutcome.Unsigned, source.Poll()!.Outcome);
        client.Publish("models/motion", good);
        Assert.Equal(UpdateOutcome.Unchanged, source.Poll()!.Outcome);
        Assert.Equal((steps, 2), (storage.Steps, client.Topics.Count));
    }

    [Fact]
    public void What_is_missing_is_named()
    {
        Assert.All(
            (Func<MqttUpdateSource>[])[() => new(null, "t", updater), () => new(client, null, updater), () => new(client, "t", null)],
            make => Assert.Throws<ArgumentNullException>(make));
        Assert.Throws<ArgumentNullException>(() => source.Subscribe(null));
    }

    private sealed class Client : IMqttClient
    {
        public event IMqttClient.MqttMsgPublishEventHandler? MqttMsgPublishReceived;

        internal List<(string, MqttQoSLevel)> Topics { get; } = [];

        public ushort Subscribe(string[] topics, MqttQoSLevel[] qosLevels)
        {
            Topics.Add((topics.Single(), qosLevels.Single()));
            return 1;
        }

        internal void Publish(string topic, byte[]? message) => MqttMsgPublishReceived?.Invoke(this, new MqttMsgPublishEventArgs(topic, message!));
    }
}
