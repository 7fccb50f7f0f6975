#pragma warning disable CA1003, CA1034, CA1711, CA1716, CA1028, CA1008 // As nanoFramework.M2Mqtt has it.
namespace nanoFramework.M2Mqtt.Messages
{
    /// <summary>The members of nanoFramework.M2Mqtt.Core that MqttUpdateSource uses.</summary>
    public enum MqttQoSLevel
    {
        /// <summary>0.</summary>
        AtMostOnce,

        /// <summary>1.</summary>
        AtLeastOnce,
    }

    /// <summary>A message.</summary>
    public class MqttMsgPublishEventArgs : System.EventArgs
    {
        /// <summary>Creates one.</summary>
        public MqttMsgPublishEventArgs(string topic, byte[] message)
        {
            Topic = topic;
            Message = message;
        }

        /// <summary>The topic.</summary>
        public string Topic { get; }

        /// <summary>What was published.</summary>
        public byte[] Message { get; }
    }
}

namespace nanoFramework.M2Mqtt
{
    /// <summary>A client.</summary>
    public interface IMqttClient
    {
        /// <summary>Takes a message.</summary>
        public delegate void MqttMsgPublishEventHandler(object sender, Messages.MqttMsgPublishEventArgs e);

        /// <summary>Raised for each message.</summary>
        event MqttMsgPublishEventHandler MqttMsgPublishReceived;

        /// <summary>Asks for topics.</summary>
        ushort Subscribe(string[] topics, Messages.MqttQoSLevel[] qosLevels);
    }
}
